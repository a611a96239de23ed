using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Tests;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Where the servers of a cluster are comes from a variable or from a file, and is never shown.</summary>
public sealed class ConnectionStringsTests : IDisposable
{
    private const string Canary = "canary-password";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_set_means_that_the_mesh_does_without() =>
        Of(("ConnectionStrings:RabbitMq", ""), ("ConnectionStrings:RabbitMq_FILE", ""), ("ConnectionStrings:Redis", "elsewhere")).Find("RabbitMq").ShouldBeNull();

    [Fact]
    public void A_value_is_taken_as_it_is() =>
        Of(("ConnectionStrings:RabbitMq", $"amqp://mesh:{Canary}@broker:5672/\n")).Find("RabbitMq")!.Value.Reveal().ShouldBe($"amqp://mesh:{Canary}@broker:5672/");

    [Fact]
    public void A_file_holds_the_value_too()
    {
        File.WriteAllText(folder.PathOf("rabbit"), $"amqp://mesh:{Canary}@broker:5672/\n");

        Of(("ConnectionStrings:RabbitMq_FILE", folder.PathOf("rabbit"))).Find("RabbitMq")!.Value.Reveal().ShouldBe($"amqp://mesh:{Canary}@broker:5672/");
    }

    [Fact]
    public void The_variable_of_the_environment_is_the_same_key()
    {
        File.WriteAllText(folder.PathOf("rabbit"), Canary);
        const string variable = "ConnectionStringsTests_ConnectionStrings__RabbitMq_FILE";
        Environment.SetEnvironmentVariable(variable, folder.PathOf("rabbit"));
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("ConnectionStringsTests_").Build();
        Environment.SetEnvironmentVariable(variable, null);

        new ConnectionStrings(configuration).Find("RabbitMq")!.Value.Reveal().ShouldBe(Canary);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_one_line_with_its_key()
    {
        RefusedWhen(("ConnectionStrings:RabbitMq_FILE", folder.PathOf("missing")))
            .ShouldBe("ConnectionStrings:RabbitMq_FILE names a file that cannot be read; it must be the path of a file that holds the connection string.");
        RefusedWhen(("ConnectionStrings:RabbitMq_FILE", folder.Path)).ShouldContain("cannot be read");
        RefusedWhen(("ConnectionStrings:RabbitMq_FILE", "\0")).ShouldContain("cannot be read");
    }

    [Fact]
    public void An_empty_file_is_one_line_with_its_key()
    {
        File.WriteAllText(folder.PathOf("rabbit"), " \n");

        RefusedWhen(("ConnectionStrings:RabbitMq_FILE", folder.PathOf("rabbit"))).ShouldBe("ConnectionStrings:RabbitMq_FILE names a file that is empty; it must hold the connection string.");
    }

    [Fact]
    public void Two_sources_at_once_are_refused()
    {
        var refusal = RefusedWhen(("ConnectionStrings:RabbitMq", Canary), ("ConnectionStrings:RabbitMq_FILE", folder.PathOf("rabbit")));

        refusal.ShouldBe("ConnectionStrings:RabbitMq and ConnectionStrings:RabbitMq_FILE are both set; only one of them is allowed.");
    }

    [Fact]
    public void A_malformed_value_is_named_by_the_key_that_holds_it()
    {
        Of(("ConnectionStrings:Redis", Canary)).Malformed("Redis", "host:port").Message.ShouldBe("ConnectionStrings:Redis must be host:port.");
        Of(("ConnectionStrings:Redis_FILE", "path")).Malformed("Redis", "host:port").Message.ShouldBe("ConnectionStrings:Redis_FILE names a file that must hold host:port.");
    }

    private static ConnectionStrings Of(params (string Key, string Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());

    private static string RefusedWhen(params (string Key, string Value)[] settings) =>
        Should.Throw<StartRefusedException>(() => Of(settings).Find("RabbitMq")).Message;
}
