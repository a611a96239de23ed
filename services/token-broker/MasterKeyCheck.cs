using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Reads a key file that was named at the start, so that a bad one is told there, and not by the first credential that needs it.</summary>
internal sealed class MasterKeyCheck : IValidateOptions<TokenBrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenBrokerOptions options)
    {
        try
        {
            if (options.KeyFile.Length > 0)
            {
                MasterKey.LoadNamed(options.KeyFile);
            }

            return ValidateOptionsResult.Success;
        }
        catch (StartRefusedException refused)
        {
            return ValidateOptionsResult.Fail(refused.Message);
        }
    }
}
