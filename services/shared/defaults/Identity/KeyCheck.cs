using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Reads the key files at the start, so that a bad one is told with everything else and not by the first call.</summary>
internal sealed class KeyCheck(IServiceProvider provider) : IValidateOptions<MeshOptions>
{
    public ValidateOptionsResult Validate(string? name, MeshOptions options)
    {
        List<string> problems = [];
        foreach (var key in (Type[])[typeof(InternalKey), typeof(ICallerKeys)])
        {
            try
            {
                provider.GetRequiredService(key);
            }
            catch (StartRefusedException refused)
            {
                problems.Add(refused.Message);
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
