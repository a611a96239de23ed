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
    public static OptionsBuilder<TOptions> AddMeshOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => new BindReadableValues<TOptions>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new ValidateValues<TOptions>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    /// <summary>Keys whose text is not a value of the property's type. Binding would throw at the first of them.</summary>
    private static Dictionary<string, string> Unreadable(Type type, IConfigurationSection section)
    {
        Dictionary<string, string> unreadable = new(StringComparer.OrdinalIgnoreCase);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var expected = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var converter = TypeDescriptor.GetConverter(expected);
            if (section[property.Name] is { Length: > 0 } text && converter.CanConvertFrom(typeof(string)) && !Reads(converter, text))
            {
                unreadable[property.Name] = $"{section.Path}:{property.Name} must be {Describe(expected)}.";
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

    private static string Describe(Type type) => type switch
    {
        _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a duration such as 00:00:30",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) || type == typeof(decimal) => "a number",
        _ when type == typeof(Uri) => "an address such as http://127.0.0.1:5080",
        _ => $"a {type.Name}",
    };

    private sealed class BindReadableValues<TOptions>(IConfigurationSection section) : IConfigureOptions<TOptions>
        where TOptions : class
    {
        public void Configure(TOptions options)
        {
            var unreadable = Unreadable(typeof(TOptions), section);
            new ConfigurationBuilder()
                .AddInMemoryCollection(section.AsEnumerable(makePathsRelative: true).Where(pair => !unreadable.ContainsKey(pair.Key)))
                .Build()
                .Bind(options);
        }
    }

    private sealed class ValidateValues<TOptions>(IConfigurationSection section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            List<ValidationResult> results = [];
            Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
            List<string> failures =
            [
                .. Unreadable(typeof(TOptions), section).Values,
                .. results.Select(result => result.MemberNames.FirstOrDefault() is { } member ? Sentence(member, result.ErrorMessage!) : result.ErrorMessage!),
            ];
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }

        /// <summary>The framework says "The field X must be …"; people know the key by its whole name.</summary>
        private string Sentence(string member, string message)
        {
            var key = $"{section.Path}:{member}";
            return message
                .Replace($"The field {member} ", $"{key} ", StringComparison.Ordinal)
                .Replace($"The {member} field ", $"{key} ", StringComparison.Ordinal);
        }
    }
}
