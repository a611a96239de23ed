using System.ComponentModel.DataAnnotations;
using System.Reflection;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Wires the quota-governor.</summary>
public static class QuotaGovernorModule
{
    private static readonly (string Variable, string Option)[] Variables =
    [
        ("QUOTA_DAILY_REQUESTS", nameof(QuotaGovernorOptions.DailyRequests)),
        ("QUOTA_DAILY_FOLLOW_REQUESTS", nameof(QuotaGovernorOptions.DailyFollowRequests)),
    ];

    /// <summary>Adds the service.</summary>
    public static IHostApplicationBuilder AddQuotaGovernor(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<QuotaGovernorOptions>().Configure<IConfiguration>(Bind).ValidateDataAnnotations();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<QuotaGovernorOptions>>().Value);
        services.AddSingleton<IQuotaStore>(provider => new SqliteQuotaStore(
            SqliteFile.Open(provider.GetRequiredService<DataFolder>().PathOf("quota-governor.db"), QuotaRows.Schema),
            provider.GetRequiredService<QuotaGovernorOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RefereeClock>();
        services.AddSingleton<QuotaChanges>();
        services.AddSingleton<QuotaMetrics>();
        services.AddSingleton<QuotaGovernorGrpc>();
        services.AddHostedService<QuotaResetWorker>();
        services.AddEventHandler<CredentialRejected, CredentialRejectedHandler>("quota-governor");
        return builder;
    }

    /// <summary>Maps its calls.</summary>
    public static IEndpointRouteBuilder MapQuotaGovernor(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<QuotaGovernorGrpc>();
        return routes;
    }

    /// <summary>The section, and above it the variables that everybody knows. A value of the wrong kind is answered by the option's own sentence.</summary>
    internal static void Bind(QuotaGovernorOptions options, IConfiguration configuration)
    {
        var known = Variables.Where(pair => configuration[pair.Variable] is { Length: > 0 })
            .ToDictionary(pair => pair.Option, pair => configuration[pair.Variable], StringComparer.Ordinal);
        var section = new ConfigurationBuilder()
            .AddConfiguration(configuration.GetSection(QuotaGovernorOptions.Section))
            .AddInMemoryCollection(known)
            .Build();
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException exception)
        {
            var wrong = typeof(QuotaGovernorOptions).GetProperties()
                .Where(property => section[property.Name] is not null && exception.Message.Contains($"'{property.Name}'", StringComparison.Ordinal))
                .Select(property => property.GetCustomAttribute<ValidationAttribute>()?.ErrorMessage ?? $"{QuotaGovernorOptions.Section}:{property.Name} must be true or false.");
            throw new OptionsValidationException(QuotaGovernorOptions.Section, typeof(QuotaGovernorOptions), wrong.DefaultIfEmpty(exception.Message));
        }
    }
}
