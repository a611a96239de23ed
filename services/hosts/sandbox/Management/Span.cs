using System.Globalization;

namespace IssueObservatory.Mesh.Sandbox.Management;

/// <summary>Time spans as people write them: seconds, or hh:mm:ss.</summary>
internal static class Span
{
    public static bool TryParse(string? text, out TimeSpan span)
    {
        span = default;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            if (!(Math.Abs(seconds) <= 1e9))
            {
                return false;
            }

            span = TimeSpan.FromSeconds(seconds);
            return true;
        }

        return text?.Contains(':', StringComparison.Ordinal) == true && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span);
    }
}
