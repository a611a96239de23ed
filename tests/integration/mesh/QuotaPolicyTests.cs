using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>What <c>mesh quota policy</c> says beyond what was asked for.</summary>
public sealed class QuotaPolicyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_share_that_is_set_moves_the_one_that_nobody_has_set_and_that_is_told()
    {
        await using var lab = await MeshLab.WithVideosAsync(1, Token);

        var first = await PolicyAsync(lab, "--interactive-share", "0.6");
        first.ExitCode.ShouldBe(0, first.Errors);
        first.Output.ShouldContain("refresh share      0.4\n");
        first.Errors.ShouldBe("mesh: set; the refresh share, which nobody has set, is 0.4 now: together they are at most 1\n");

        (await PolicyAsync(lab, "--refresh-share", "0.3")).Errors.ShouldBeEmpty();
        var both = await PolicyAsync(lab, "--interactive-share", "0.8");
        both.ExitCode.ShouldBe(2);
        both.Errors.ShouldBe("mesh: --interactive-share 0.8 and --refresh-share 0.3 sum to 1.1, more than the quota; together they must be at most 1\n");
    }

    [Fact]
    public async Task A_policy_for_an_account_without_a_credential_is_set_and_that_is_told()
    {
        await using var lab = await MeshLab.WithVideosAsync(1, Token);

        var mistyped = await PolicyAsync(lab, "--account", "defualt", "--mode", "burst");

        mistyped.ExitCode.ShouldBe(0, mistyped.Errors);
        mistyped.Errors.ShouldBe("mesh: set; no credential is of account 'defualt' (there are some of: default)\n");
        (await PolicyAsync(lab, "--account", "default", "--mode", "burst")).Errors.ShouldBeEmpty();
    }

    private static Task<ProgramResult> PolicyAsync(MeshLab lab, params IEnumerable<string> change) => lab.RunAsync(Token, ["quota", "policy", .. change, "--data", lab.Data]);
}
