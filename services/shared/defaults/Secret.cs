namespace IssueObservatory.Mesh.Defaults;

/// <summary>A value that must not be seen: prints <c>***</c> wherever it is written by accident.</summary>
public readonly struct Secret<T>(T value) : IEquatable<Secret<T>>
{
    private readonly T value = value;

    /// <summary>The value itself, at the last moment before its use.</summary>
    public T Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";

    /// <inheritdoc/>
    public bool Equals(Secret<T> other) => EqualityComparer<T>.Default.Equals(value, other.value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Secret<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <summary>Same value.</summary>
    public static bool operator ==(Secret<T> left, Secret<T> right) => left.Equals(right);

    /// <summary>Another value.</summary>
    public static bool operator !=(Secret<T> left, Secret<T> right) => !left.Equals(right);
}
