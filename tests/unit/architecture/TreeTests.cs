using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Architecture;

public sealed partial class TreeTests
{
    private static readonly string[] TopLevel =
        ["IssueObservatory.Mesh.sln", "LICENSE", "README.md", "build", "charts", "protos", "services", "skaffold.yaml", "tests"];

    [Fact]
    public void The_top_level_holds_what_was_agreed_and_nothing_besides() =>
        RepositoryTree.Files.Select(file => file.Split('/')[0]).Where(name => name[0] != '.').Distinct()
            .ShouldBe(TopLevel, ignoreOrder: true);

    [Fact]
    public void No_file_names_a_machine_or_a_registry()
    {
        var places = from file in RepositoryTree.Files
                     from line in TextLines(file)
                     let place = Place().Match(line)
                     where place.Success
                     select $"{file}: {place.Value}";

        places.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cd /ho" + "me/anna/mesh", true)]
    [InlineData("see /ro" + "ot/.nuget", true)]
    [InlineData("\"/wo" + "rk/shared\"", true)]
    [InlineData(@"C:\Us" + @"ers\anna", true)]
    [InlineData("https://registry.np" + "mjs.org/x", true)]
    [InlineData("https://api.nu" + "get.org/v3", true)]
    [InlineData("../shared/fixtures", false)]
    [InlineData("services/home/work/x", false)]
    public void A_place_is_recognised(string line, bool isPlace) => Place().IsMatch(line).ShouldBe(isPlace);

    [Fact]
    public void A_package_version_is_written_only_in_build_msbuild()
    {
        var elements = from file in RepositoryTree.Files
                       where Path.GetExtension(file) is ".csproj" or ".props" or ".targets"
                       where !file.StartsWith("build/msbuild/", StringComparison.Ordinal)
                       from element in XDocument.Parse(RepositoryTree.Read(file)).Descendants()
                       where IsVersion(element)
                       select $"{file}: {element}";

        elements.ShouldBeEmpty();
    }

    [Fact]
    public void Scripts_can_be_run() =>
        new[] { "build/mesh", "build/test", "build/bench/run", ".ci/run" }
            .Where(file => !OperatingSystem.IsWindows() && !File.GetUnixFileMode(Path.Combine(RepositoryTree.Root, file)).HasFlag(UnixFileMode.UserExecute))
            .ShouldBeEmpty();

    [Fact]
    public void Continuous_integration_calls_the_one_command_and_nothing_else() =>
        RepositoryTree.Read(".ci/run").Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .ShouldHaveSingleItem().ShouldContain("/../build/test\"");

    // Names of what a text file may hold are not asked: every file without a NUL is text.
    private static IEnumerable<string> TextLines(string file)
    {
        var text = RepositoryTree.Read(file);
        return text.Contains('\0', StringComparison.Ordinal) ? [] : text.Split('\n');
    }

    private static bool IsVersion(XElement element) => element.Name.LocalName switch
    {
        "PackageVersion" or "GlobalPackageReference" => true,
        "PackageReference" or "PackageDownload" => element.Attribute("Version") is not null
            || element.Attribute("VersionOverride") is not null
            || element.Element("Version") is not null,
        "TargetFramework" or "TargetFrameworks" or "LangVersion" => true,
        _ => false,
    };

    [GeneratedRegex(
        @"(?<![\w./-])/(wo" + @"rk|ro" + @"ot|ho" + @"me/\w+|opt/nu" + @"get)/|[A-Z]:\\Us" + @"ers\\|registry\.(np" + @"mjs|yarn)|api\.nu" + @"get\.org|deb\.deb" + "ian",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Place();
}
