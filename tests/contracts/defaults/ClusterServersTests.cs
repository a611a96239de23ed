using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

public sealed class ClusterServersTests
{
    [Fact]
    public void Nothing_set_is_one_process() => Find().ShouldBeNull();

    [Fact]
    public void All_three_are_a_cluster_and_show_no_password()
    {
        var servers = Find(("MongoDb", "mongodb://a:canary@b/"), ("Redis", "b:1,password=canary"), ("RabbitMq", "amqp://a:canary@b/")).ShouldNotBeNull();
        servers.Redis.Reveal().ShouldBe("b:1,password=canary");
        servers.ToString().ShouldNotContain("canary");
    }

    [Theory]
    [InlineData("Redis", "ConnectionStrings:MongoDb and ConnectionStrings:RabbitMq are missing")]
    [InlineData("MongoDb RabbitMq", "ConnectionStrings:Redis is missing")]
    [InlineData("MongoDb Redis", "ConnectionStrings:RabbitMq is missing")]
    public void A_mixture_stops_the_start_and_names_what_is_missing(string names, string expected)
    {
        var refused = Should.Throw<StartRefusedException>(() => Find([.. names.Split(' ').Select(name => (name, "canary"))]));
        refused.Message.ShouldStartWith(expected);
        refused.Message.ShouldNotContain("canary");
    }

    private static ClusterServers? Find(params (string Name, string Value)[] strings) => ClusterServers.Find(new ConfigurationBuilder()
        .AddInMemoryCollection(strings.Select(one => KeyValuePair.Create($"ConnectionStrings:{one.Name}", (string?)one.Value)))
        .Build());
}
