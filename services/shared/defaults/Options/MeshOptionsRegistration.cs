using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Options that stop the start when a value is not allowed, and name every bad key at once.</summary>
public static class MeshOptionsRegistration
{
    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to <paramref name="section"/> and checks its data annotations on start.
    /// A bad value gives one sentence per key, e.g. <c>QuotaGovernor:MaxInFlight must be between 1 and 4.</c>
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">Name of the section.</param>
    /// <param name="variables">Variables outside the section that win over it, e.g. <c>("QUOTA_DAILY_REQUESTS", "DailyRequests")</c>.</param>
    public static OptionsBuilder<TOptions> AddMeshOptions<TOptions>(this IServiceCollection services, string section, params (string Variable, string Option)[] variables)
        where TOptions : class
    {
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => new BindReadableValues<TOptions>(new Source(provider.GetRequiredService<IConfiguration>(), section, variables)));
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new ValidateValues<TOptions>(new Source(provider.GetRequiredService<IConfiguration>(), section, variables)));
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>Options whose text is not a value of the property's type. Binding would throw at the first of them.</summary>
    private static Dictionary<string, string> Unreadable(Type type, Source source)
    {
        Dictionary<string, string> unreadable = new(StringComparer.OrdinalIgnoreCase);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var expected = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var converter = TypeDescriptor.GetConverter(expected);
            if (source.Text(property.Name) is { Length: > 0 } text && converter.CanConvertFrom(typeof(string)) && !Reads(converter, text))
            {
                unreadable[property.Name] = $"{source.KeyOf(property.Name)} must be {Describe(property, expected)}.";
            }
        }

        return unreadable;
    }

    private static bool Reads(TypeConverter converter, string text)
    {
        try
        {
            converter.ConvertFromInvariantString(text);
            return true;
        }
#pragma warning disable CA1031 // Converters throw whatever they like; each of it means "not readable".
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static string Describe(PropertyInfo property, Type type) => type switch
    {
        _ when type.IsEnum => $"one of {string.Join(", ", property.GetCustomAttribute<AllowedValuesAttribute>()?.Values ?? Enum.GetNames(type))}",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a duration such as 00:00:30",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) || type == typeof(decimal) => "a number",
        _ when type == typeof(Uri) => "an address such as http://127.0.0.1:5080",
        _ => $"a {type.Name}",
    };

    /// <summary>Where an option's text comes from, and under which key people know it.</summary>
    private sealed class Source(IConfiguration configuration, string section, (string Variable, string Option)[] variables)
    {
        public string KeyOf(string option) => VariableOf(option) ?? $"{section}:{option}";

        public string? Text(string option) => configuration[KeyOf(option)];

        /// <summary>The section, with what the variables say over it.</summary>
        public Dictionary<string, string?> All()
        {
            Dictionary<string, string?> all = new(configuration.GetSection(section).AsEnumerable(makePathsRelative: true).Where(pair => pair.Key.Length > 0), StringComparer.OrdinalIgnoreCase);
            foreach (var (_, option) in variables)
            {
                all[option] = Text(option);
            }

            return all;
        }

        private string? VariableOf(string option) => variables.FirstOrDefault(pair => pair.Option == option && configuration[pair.Variable] is { Length: > 0 }).Variable;
    }

    private sealed class BindReadableValues<TOptions>(Source source) : IConfigureOptions<TOptions>
        where TOptions : class
    {
        public void Configure(TOptions options)
        {
            var unreadable = Unreadable(typeof(TOptions), source);
            new ConfigurationBuilder()
                .AddInMemoryCollection(source.All().Where(pair => pair.Value is not null && !unreadable.ContainsKey(pair.Key)))
                .Build()
                .Bind(options);
        }
    }

    private sealed class ValidateValues<TOptions>(Source source) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            List<ValidationResult> results = [];
            Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
            List<string> failures =
            [
                .. Unreadable(typeof(TOptions), source).Values,
                .. results.Select(result => result.MemberNames.FirstOrDefault() is { } member ? Sentence(member, result.ErrorMessage!) : result.ErrorMessage!),
            ];
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }

        /// <summary>The framework says "The field X must be …"; people know the key by its whole name.</summary>
        private string Sentence(string member, string message) => message
            .Replace($"The field {member} ", $"{source.KeyOf(member)} ", StringComparison.Ordinal)
            .Replace($"The {member} field ", $"{source.KeyOf(member)} ", StringComparison.Ordinal);
    }
}
