using System.ComponentModel.DataAnnotations;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>How tokens are kept fresh and where the key lies. Section <c>TokenBroker</c>.</summary>
internal sealed record TokenBrokerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "TokenBroker";

    /// <summary>A token is renewed when less than this, or a twelfth of its lifetime if that is shorter, is left.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "TokenBroker:RenewalMargin must be a time from 00:00:01 to 01:00:00.")]
    public TimeSpan RenewalMargin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Times that the token endpoint is asked when it does not answer or answers 5xx; a refusal is never repeated.</summary>
    [Range(1, 5, ErrorMessage = "TokenBroker:Attempts must be a whole number from 1 to 5.")]
    public int Attempts { get; init; } = 3;

    /// <summary>Time for a token, all attempts and pauses together.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00", ErrorMessage = "TokenBroker:Deadline must be a time from 00:00:05 to 00:05:00.")]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>File with the master key (32 bytes as base64). Environment: MESH_CREDENTIALS_KEY_FILE. Empty: <c>credentials.key</c> in the data folder, made when missing.</summary>
    public string KeyFile { get; init; } = "";
}
