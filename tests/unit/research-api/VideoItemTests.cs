using System.Text;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class VideoItemTests
{
    [Fact]
    public void All_23_fields_are_read()
    {
        var video = Read(
            """
            {"id":7345557461438385450,"video_description":"Valg 🗳️ #dkpol ","create_time":1710270898,"region_code":"dk","share_count":0,"view_count":4294967296,
             "like_count":3,"comment_count":2,"music_id":7159460236540080347,"hashtag_names":["dkpol","1"],"username":"dr.nyheder","effect_ids":["0"],"playlist_id":7000000000000000001,
             "voice_to_text":"goddag","is_stem_verified":false,"favorites_count":9,"video_duration":31,
             "hashtag_info_list":[{"hashtag_id":1,"hashtag_name":"dkpol","hashtag_description":"d"}],"sticker_info_list":[{"sticker_id":"2","sticker_name":"s"}],
             "effect_info_list":[{"effect_id":3,"effect_name":"e","effect_photo_URI":"u"}],"video_mention_list":["tv2"],"video_label":{"content":"c"},"video_tag":{"type":"AIGC","number":1}}
            """);

        video.ToString().ShouldBe("video 7345557461438385450");
        (video.Id, video.Username, video.RegionCode, video.VideoDescription, video.VoiceToText).ShouldBe(("7345557461438385450", "dr.nyheder", "DK", "Valg 🗳️ #dkpol ", "goddag"));
        (video.ViewCount, video.LikeCount, video.CommentCount, video.ShareCount, video.FavoritesCount).ShouldBe((4294967296, 3, 2, 0, 9));
        (video.MusicId, video.PlaylistId, video.IsStemVerified, video.VideoDuration).ShouldBe(("7159460236540080347", "7000000000000000001", false, 31));
        video.CreateTime.ShouldBe(new DateTimeOffset(2024, 3, 12, 19, 14, 58, TimeSpan.Zero));
        video.HashtagNames.ShouldBe(["dkpol", "1"]);
        video.EffectIds.ShouldBe(["0"]);
        video.VideoMentionList.ShouldBe(["tv2"]);
        video.HashtagInfoList.ShouldBe([new HashtagInfo("1", "dkpol", "d")]);
        video.StickerInfoList.ShouldBe([new StickerInfo("2", "s")]);
        video.EffectInfoList.ShouldBe([new EffectInfo("3", "e", "u")]);
        video.VideoLabel!.Value.GetProperty("content").GetString().ShouldBe("c");
        video.VideoTag!.Value.GetProperty("number").GetInt32().ShouldBe(1);
        video.UnreadableFields.ShouldBeEmpty();
        video.UnknownFields.ShouldBeEmpty();
    }

    [Fact]
    public void Everything_but_the_id_may_be_missing()
    {
        var video = Read("""{"id":"1"}""");

        video.CreateTime.ShouldBeNull();
        video.LikeCount.ShouldBeNull();
        video.HashtagNames.ShouldBeNull();
        video.UnreadableFields.ShouldBeEmpty();
    }

    [Fact]
    public void Other_spellings_are_known_and_unknown_fields_are_named()
    {
        var video = Read("""{"video_id":5,"favourites_count":7,"effect_info_list":{"effect_id":"1","effect_photo_url":"p"},"brand_new":1}""");

        (video.Id, video.FavoritesCount).ShouldBe(("5", 7));
        video.EffectInfoList.ShouldBe([new EffectInfo("1", null, "p")]);
        video.UnknownFields.ShouldBe(["brand_new"]);
    }

    [Fact]
    public void Numbers_come_as_text_and_text_as_numbers()
    {
        var video = Read("""{"id":1,"view_count":"12","like_count":3.0,"create_time":"1710270898000","username":42,"is_stem_verified":"true","hashtag_names":["a",1,null]}""");

        (video.ViewCount, video.LikeCount, video.Username, video.IsStemVerified).ShouldBe((12, 3, "42", true));
        video.CreateTime.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1710270898));
        video.HashtagNames.ShouldBe(["a", "1"]);
    }

    [Fact]
    public void Nonsense_in_a_field_is_null_and_named()
    {
        var video = Read("""{"id":1,"view_count":-1,"like_count":99999999999999999999,"comment_count":{},"share_count":1.5,"create_time":-62135596800000,"username":[],"hashtag_names":"a","video_tag":"\uD800"}""");

        video.UnreadableFields.ShouldBe(["create_time", "username", "view_count", "like_count", "comment_count", "share_count", "hashtag_names", "video_tag"]);
        (video.ViewCount, video.LikeCount, video.Username).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("""{"create_time":1}""", ReadError.NoId)]
    [InlineData("""{"id":null}""", ReadError.NoId)]
    [InlineData("""{"id":{}}""", ReadError.NoId)]
    [InlineData("""{"id":-5}""", ReadError.NoId)]
    [InlineData("""{"id":"../etc"}""", ReadError.NoId)]
    [InlineData("7", ReadError.NotAnObject)]
    [InlineData("{", ReadError.NotJson)]
    [InlineData("", ReadError.NotJson)]
    public void What_cannot_become_a_record_says_why(string json, ReadError expected)
    {
        ItemReader.TryRead<VideoItem>(Encoding.UTF8.GetBytes(json), out var video, out var error).ShouldBeFalse();
        video.ShouldBeNull();
        error.ShouldBe(expected);
    }

    [Theory]
    [InlineData("""a\u0000b""", "ab")]
    [InlineData("""\uD83D\uDE42""", "🙂")]
    [InlineData("""\uDE42\uD83D""", "\uFFFD\uFFFD")]
    [InlineData("""\"\\\/\b\f\n\r\t""", "\"\\/\b\f\n\r\t")]
    [InlineData("""\u00e6\u00F8å""", "æøå")]
    [InlineData("""\\u0041""", "\\u0041")]
    public void Text_is_read_as_it_was_meant(string escaped, string expected) =>
        Read($$"""{"id":1,"video_description":"{{escaped}}"}""").VideoDescription.ShouldBe(expected);

    private static VideoItem Read(string json)
    {
        ItemReader.TryRead<VideoItem>(Encoding.UTF8.GetBytes(json), out var video, out var error).ShouldBeTrue($"{error}");
        return video!;
    }
}
