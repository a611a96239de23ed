using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The client in a service's container, with the settings of <see cref="ResearchApiOptions"/> from the environment.</summary>
public static class ResearchApiRegistration
{
    /// <summary>Adds <see cref="ResearchApiOptions"/> and <see cref="IResearchApi"/> once; bad settings stop the start.</summary>
    public static IServiceCollection AddResearchApi(this IServiceCollection services)
    {
        services.TryAddSingleton(provider =>
        {
            var (options, violations) = ResearchApiOptions.Read(name => provider.GetRequiredService<IConfiguration>()[name]);
            return violations.Count == 0
                ? options
                : throw new OptionsValidationException(nameof(ResearchApiOptions), typeof(ResearchApiOptions), violations.Select(violation => $"{violation.Path} {violation.Message}."));
        });
        services.TryAddSingleton<IResearchApi>(provider => new ResearchApiClient(provider.GetRequiredService<ResearchApiOptions>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
