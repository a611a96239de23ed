using System.ComponentModel.DataAnnotations;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>What every host of the mesh can be told; section <c>Mesh</c>.</summary>
public sealed record MeshOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Mesh";

    /// <summary>The largest message on both ports, in bytes: a stored page (16 MiB) with room to spare.</summary>
    public const int MaxMessageBytes = 24 * 1024 * 1024;

    /// <summary>How long calls and work in hand get when the host stops.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(8);

    /// <summary>Port on loopback for callers; 0 takes a free one. 0 to 65535, default 0.</summary>
    [Range(0, 65535)]
    public int CallersPort { get; init; }

    /// <summary>Port on loopback for the other services of the mesh; 0 takes a free one. 0 to 65535, default 0.</summary>
    [Range(0, 65535)]
    public int InternalPort { get; init; }

    /// <summary>Folder for everything that a service keeps in files; made when it is missing. Default <c>.mesh</c>.</summary>
    [Required]
    public string DataFolder { get; init; } = ".mesh";

    /// <summary>
    /// Name of this process among those of its service, the same after a restart and never used by two at a time: 1 to 63 letters, digits and dashes.
    /// Default: the machine's name, which in a cluster is the pod's.
    /// </summary>
    [RegularExpression("^[A-Za-z0-9-]{1,63}$", ErrorMessage = $"{Section}:{nameof(Instance)} must be 1 to 63 letters, digits and dashes.")]
    public string Instance { get; init; } = MachineName();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CallersPort != 0 && CallersPort == InternalPort)
        {
            yield return new ValidationResult($"{Section}:{nameof(InternalPort)} must differ from {Section}:{nameof(CallersPort)}.");
        }
    }

    private static string MachineName()
    {
        var name = new string([.. Environment.MachineName.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-').Take(63)]);
        return name.Length > 0 ? name : "default";
    }
}
