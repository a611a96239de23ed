using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Architecture;

public sealed class ProjectReferenceTests
{
    [Fact]
    public void Every_reference_follows_the_arrow()
    {
        var wrong = from project in Project.All
                    from reference in project.References
                    where !Layers.Allows(project.Path, reference)
                    select $"{project.Path} → {reference}";

        wrong.ShouldBeEmpty("hosts → services → shared → protos; no other arrow");
    }

    [Theory]
    [InlineData("services/collector/Collector.csproj", "services/normalizer/Normalizer.csproj")]
    [InlineData("services/collector/Collector.csproj", "services/hosts/embedded/Embedded.csproj")]
    [InlineData("services/shared/ucr/Ucr.csproj", "services/normalizer/Normalizer.csproj")]
    [InlineData("services/hosts/sandbox/Sandbox.csproj", "services/shared/research-api/ResearchApi.csproj")]
    [InlineData("services/hosts/sandbox/Sandbox.csproj", "protos/Protos.csproj")]
    [InlineData("services/hosts/cli/Cli.csproj", "tests/unit/Unit.csproj")]
    [InlineData("protos/Protos.csproj", "services/shared/messages/Messages.csproj")]
    public void The_rule_refuses_an_arrow_that_points_elsewhere(string from, string to) =>
        Layers.Allows(from, to).ShouldBeFalse();

    [Fact]
    public void Messages_reference_nothing() => Project.Named("Messages").References.ShouldBeEmpty();

    [Fact]
    public void Every_reference_leads_to_a_project() =>
        Project.All.SelectMany(project => project.References).Except(Project.All.Select(project => project.Path)).ShouldBeEmpty();

    [Fact]
    public void Every_project_is_in_the_solution_and_the_solution_has_no_other()
    {
        var listed = RepositoryTree.Read("IssueObservatory.Mesh.sln").Split('"')
            .Select(part => part.Replace('\\', '/'))
            .Where(part => part.EndsWith(".csproj", StringComparison.Ordinal));

        listed.ShouldBe(Project.All.Select(project => project.Path), ignoreOrder: true);
    }

    [Fact]
    public void Each_service_is_one_folder_of_the_same_shape()
    {
        Project.Services.Select(service => service.Folder).ShouldBe(
            [
                "services/collector", "services/normalizer", "services/quota-governor", "services/refresh-scheduler",
                "services/token-broker",
            ],
            ignoreOrder: true);
        var expected = from service in Project.Services
                       from file in new[] { "README.md", "Program.cs", service.Name + "Module.cs", service.Name + "Options.cs" }
                       select $"{service.Folder}/{file}";

        expected.Except(RepositoryTree.Files).ShouldBeEmpty("every service has the same files (options may be several, one carries the name)");
    }
}
