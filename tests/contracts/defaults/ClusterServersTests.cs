using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

public sealed class ClusterServersTests
{
    [Fact]
    public void Nothing_set_is_one_process()
    {
        ClusterServers.AreSet(With()).ShouldBeFalse();
        ClusterServers.AreSetWithRedis(With()).ShouldBeFalse();
    }

    [Fact]
    public void Those_that_a_service_uses_are_enough()
    {
        ClusterServers.AreSet(With("MongoDb", "RabbitMq")).ShouldBeTrue();
        ClusterServers.AreSetWithRedis(With("MongoDb", "Redis", "RabbitMq")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Redis", "ConnectionStrings:MongoDb and ConnectionStrings:RabbitMq are missing")]
    [InlineData("MongoDb RabbitMq", "ConnectionStrings:Redis is missing")]
    [InlineData("MongoDb Redis", "ConnectionStrings:RabbitMq is missing")]
    public void A_mixture_stops_the_start_and_names_what_is_missing(string names, string expected)
    {
        var refused = Should.Throw<StartRefusedException>(() => ClusterServers.AreSetWithRedis(With(names.Split(' '))));

        refused.Message.ShouldStartWith(expected);
        refused.Message.ShouldNotContain("canary");
    }

    private static IConfigurationRoot With(params string[] names) => new ConfigurationBuilder()
        .AddInMemoryCollection(names.Select(name => KeyValuePair.Create($"ConnectionStrings:{name}", (string?)"canary")))
        .Build();
}
