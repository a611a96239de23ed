using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Architecture;

/// <summary>Every call of the contracts says who may use it and has its place in the table of services/README.md.</summary>
public sealed partial class CallTests
{
    private static readonly IReadOnlyList<Call> Calls =
    [
        .. from file in RepositoryTree.Under("protos/issueobservatory/mesh/v1", ".proto")
           from call in Read(RepositoryTree.Read(file))
           select call,
    ];

    [Fact]
    public void The_contracts_have_calls() => Calls.Count.ShouldBeGreaterThan(20);

    [Fact]
    public void Every_call_says_who_may_use_it() =>
        Calls.Where(call => !Access().IsMatch(call.Body)).Select(call => call.Name).ShouldBeEmpty("option (access) = …");

    [Fact]
    public void Every_call_is_in_the_table_of_services_and_the_table_names_no_other()
    {
        var table = Rows(RepositoryTree.Read("services/README.md")).SelectMany(NamesInCalls).Distinct();

        table.ShouldBe(Calls.Select(call => $"{call.Service}.{call.Name}").Distinct(), ignoreOrder: true);
    }

    [Fact]
    public void A_call_is_read_with_its_options()
    {
        const string proto = """
            // service Ghost { rpc Never(A) returns (B); }
            service TokenBroker {
              // Says rpc Something in a comment.
              rpc GetAccessToken(GetAccessTokenRequest) returns (stream GetAccessTokenResponse) {
                option (access) = ACCESS_MESH;
              }
              rpc Bare(BareRequest) returns (BareResponse);
            }
            """;

        var calls = Read(proto).ToList();

        calls.Select(call => call.Service + "." + call.Name).ShouldBe(["TokenBroker.GetAccessToken", "TokenBroker.Bare"]);
        calls.Select(call => Access().IsMatch(call.Body)).ShouldBe([true, false]);
    }

    private static IEnumerable<Call> Read(string proto)
    {
        var code = Comment().Replace(proto, "");
        foreach (Match service in Service().Matches(code))
        {
            foreach (Match rpc in Rpc().Matches(service.Groups["body"].Value))
            {
                yield return new Call(service.Groups["name"].Value, rpc.Groups["name"].Value, rpc.Groups["body"].Value);
            }
        }
    }

    // | service | owns | calls | …, where a row of calls is: `TokenBroker`: `GetAccessToken` `PutCredential` …
    private static IEnumerable<string> Rows(string readme) =>
        readme.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Split('|'))
            .Where(cells => cells.Length > 4).Select(cells => cells[3]);

    private static IEnumerable<string> NamesInCalls(string cell) =>
        from Match offer in Offer().Matches(cell)
        from Match name in Quoted().Matches(offer.Groups["calls"].Value)
        select $"{offer.Groups["service"].Value}.{name.Groups["name"].Value}";

    private sealed record Call(string Service, string Name, string Body);

    [GeneratedRegex(@"//[^\n]*", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^service\s+(?<name>\w+)\s*\{(?<body>.*?)^\}", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Service();

    [GeneratedRegex(@"\brpc\s+(?<name>\w+)\s*\([^)]*\)\s*returns\s*\([^)]*\)\s*(;|\{(?<body>[^}]*)\})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Rpc();

    [GeneratedRegex(@"option\s+\(access\)\s*=\s*ACCESS_(?!UNSPECIFIED)\w+", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Access();

    [GeneratedRegex(@"`(?<service>\w+)`:(?<calls>[^:]*?)(?=`\w+`:|$)", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Offer();

    [GeneratedRegex(@"`(?<name>\w+)`", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Quoted();
}
