using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class NormalizerOptionsTests
{
    [Fact]
    public void Nothing_set_is_the_observatorys_scheme_without_mentions()
    {
        var options = Read();
        (options.Scheme, options.ReplaceMentions).ShouldBe((PseudonymScheme.Sha256, true));
    }

    [Fact]
    public void Both_options_are_read()
    {
        var options = Read(("Normalizer:PseudonymScheme", "hmac-sha256"), ("Normalizer:ReplaceMentions", "false"));
        (options.Scheme, options.ReplaceMentions).ShouldBe((PseudonymScheme.HmacSha256, false));
    }

    [Fact]
    public void An_unknown_scheme_is_refused_by_name() =>
        Should.Throw<OptionsValidationException>(() => Read(("Normalizer:PseudonymScheme", "md5"))).Message.ShouldBe("Normalizer:PseudonymScheme must be sha256 or hmac-sha256.");

    private static NormalizerOptions Read(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        services.AddMeshOptions<NormalizerOptions>("Normalizer");
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<NormalizerOptions>>().Value;
    }
}
