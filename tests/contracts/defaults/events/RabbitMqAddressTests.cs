using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Tests;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>A wrong address, password or virtual host is one clear line, and never shows what it is about.</summary>
public sealed class RabbitMqAddressTests(SharedRabbitMq rabbit)
{
    [Theory]
    [InlineData("amqp://mesh:p%2Fw@broker:5673/vh", "broker", 5673, "vh", "p/w", "broker:5673/vh")]
    [InlineData("amqp://mesh:pw@broker", "broker", 5672, "/", "pw", "broker:5672/")]
    [InlineData("amqp://mesh:pw@127.0.0.1:5672/", "127.0.0.1", 5672, "/", "pw", "127.0.0.1:5672/")]
    [InlineData("amqp://mesh:pw@broker/%2Fmesh", "broker", 5672, "/mesh", "pw", "broker:5672//mesh")]
    public void An_address_is_read(string text, string host, int port, string virtualHost, string password, string shown)
    {
        var address = RabbitMqAddress.Find(Connections(text)).ShouldNotBeNull();

        (address.Host, address.Port, address.VirtualHost, address.User).ShouldBe((host, (ushort)port, virtualHost, "mesh"));
        address.Password.Reveal().ShouldBe(password);
        address.ToString().ShouldBe(shown);
    }

    [Theory]
    [InlineData("canary")]
    [InlineData("http://canary:canary@broker")]
    [InlineData("amqps://canary:canary@broker")]
    [InlineData("amqp://broker/canary")]
    [InlineData("amqp://canary@broker")]
    [InlineData("amqp://:canary@broker")]
    [InlineData("amqp://canary:canary@broker/a/canary")]
    [InlineData("amqp://canary:canary@broker:99999/")]
    [InlineData("amqp://canary:canary@broker/?canary=1")]
    [InlineData("host=canary;password=canary")]
    public void Anything_else_stops_the_start_with_one_line(string text)
    {
        var refused = Should.Throw<StartRefusedException>(() => DefaultsHost.Build(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:RabbitMq"] = text }));

        refused.Message.ShouldBe("ConnectionStrings:RabbitMq must be amqp://user:password@host:port/vhost (port and vhost may be left out).");
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_shown() =>
        await NotReadyAsync((await rabbit.NewVirtualHostAsync()).Replace("guest:guest", "guest:canary", StringComparison.Ordinal), "refuses the user name or the password");

    [Fact]
    public async Task A_virtual_host_that_does_not_exist_is_told() =>
        await NotReadyAsync((await rabbit.ServerAsync()).ConnectionString("nowhere"), "has no such virtual host, or the user may not use it");

    private static ConnectionStrings Connections(string text) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:RabbitMq", (string?)text)]).Build());

    private static async Task NotReadyAsync(string address, string why)
    {
        await using var host = await DefaultsHost.StartAsync(
            builder => builder.Services.AddEventHandler<Messages.PageStored, FirstHandler>("normalizer"),
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:RabbitMq"] = address });
        await Wait.UntilAsync(() => host.Logs.All.Any(record => record.Text.Contains("is not ready") && record.Text.Contains(why)));

        host.Logs.All.ShouldAllBe(record => !record.Text.Contains("canary"));
        host.Logs.All.Count(record => record.Text.Contains(why)).ShouldBe(1);
    }
}
