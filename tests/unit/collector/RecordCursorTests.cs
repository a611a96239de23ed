using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class RecordCursorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(long.MaxValue)]
    public void A_cursor_comes_back_as_the_place_it_was_made_from(long sequence) =>
        RecordCursors.Read(RecordCursors.Write("0198c1", sequence), "0198c1").ShouldBe(sequence);

    [Fact]
    public void No_cursor_is_the_beginning() => RecordCursors.Read("", "0198c1").ShouldBe(0);

    [Theory]
    [InlineData("x")]
    [InlineData("not a cursor!")]
    [InlineData("æøå")]
    [InlineData("====")]
    [InlineData("MDE5OGMxOi0x")]
    [InlineData("MDE5OGMx")]
    public void Whatever_is_no_cursor_is_bad_input_that_names_the_argument(string cursor)
    {
        var refused = Should.Throw<MeshException>(() => RecordCursors.Read(cursor, "0198c1"));

        refused.Reason.ShouldBe(ErrorReason.BadInput);
        refused.Violations.ShouldHaveSingleItem().Field.ShouldBe("cursor");
    }

    [Fact]
    public void The_cursor_of_another_collection_is_bad_input() =>
        Should.Throw<MeshException>(() => RecordCursors.Read(RecordCursors.Write("other", 1), "0198c1")).Reason.ShouldBe(ErrorReason.BadInput);
}
