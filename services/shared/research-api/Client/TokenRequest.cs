using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The client_credentials call. Key and secret are asked for when the body is written, and live no longer than that.</summary>
public sealed class TokenRequest(Func<string> clientKey, Func<string> clientSecret)
{
    internal const string Target = "/v2/oauth/token/";

    internal const int LargestReply = 64 * 1024;

    internal byte[] WriteBody() => Encoding.ASCII.GetBytes(
        $"client_key={Uri.EscapeDataString(clientKey())}&client_secret={Uri.EscapeDataString(clientSecret())}&grant_type=client_credentials");
}
