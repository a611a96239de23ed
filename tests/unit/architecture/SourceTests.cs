using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Architecture;

public sealed partial class SourceTests
{
    private const string Defaults = "services/shared/defaults";

    [Theory]
    [InlineData("MongoDB", "Mongo")]
    [InlineData("StackExchange.Redis", "Redis")]
    [InlineData("MassTransit", "MassTransit")]
    [InlineData("Grpc.Core", "Grpc")]
    public void A_technology_is_used_only_in_files_named_after_it(string technology, string word)
    {
        var strangers = RepositoryTree.Under("services", ".cs")
            .Where(file => !file.StartsWith(Defaults + "/", StringComparison.Ordinal))
            .Where(file => !IsNamedAfter(file, word) && Uses(RepositoryTree.Read(file), technology));

        strangers.ShouldBeEmpty($"{technology} belongs in files with {word} in their name, modules and {Defaults}");
    }

    [Theory]
    [InlineData("using Grpc.Core;", true)]
    [InlineData("global using Grpc.Core;", true)]
    [InlineData("using Core = Grpc.Core.Metadata;", true)]
    [InlineData("using static Grpc.Core.StatusCode;", true)]
    [InlineData("    throw new global::Grpc.Core.RpcException(status);", true)]
    [InlineData("// Grpc.Core is not for here", false)]
    [InlineData("""var name = "Grpc.Core";""", false)]
    [InlineData("using Grpc.CoreNot;", false)]
    public void A_use_is_seen_in_code_only(string line, bool used) => Uses(line, "Grpc.Core").ShouldBe(used);

    [Fact]
    public void No_project_imports_a_technology_for_all_its_files() =>
        Project.All.Where(project => project.Path.StartsWith("services/", StringComparison.Ordinal))
            .Where(project => GlobalUsing().IsMatch(RepositoryTree.Read(project.Path)))
            .Select(project => project.Path)
            .ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later() =>
        RepositoryTree.Under("services", ".cs").Concat(RepositoryTree.Under("protos", ".proto"))
            .Where(file => Unfinished().IsMatch(RepositoryTree.Read(file)))
            .ShouldBeEmpty();

    private static bool IsNamedAfter(string file, string word)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name.Contains(word, StringComparison.Ordinal) || name.EndsWith("Module", StringComparison.Ordinal);
    }

    private static bool Uses(string source, string technology)
    {
        var code = CommentsAndTexts().Replace(source, "");
        return Regex.IsMatch(code, $@"(?<![\w.]){Regex.Escape(technology)}(?!\w)", RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    [GeneratedRegex("""//[^\n]*|"(?:\\.|[^"\\\n])*"|/\*.*?\*/""", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex CommentsAndTexts();

    [GeneratedRegex("""<Using\s+Include="(MongoDB|StackExchange|MassTransit|Grpc)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"//.*\b(TO" + @"DO|FIX" + @"ME|HACK)\b|throw new NotImpl" + "ementedException", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Unfinished();
}
