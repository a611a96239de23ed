using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class PropertyTests
{
    private static readonly byte[] Page = Encoding.UTF8.GetBytes(
        """
        {"data":{"search_id":"7160776277492814854","cursor":100,"has_more":true,"videos":[
        {"id":7345557461438385450,"create_time":1710270898,"username":"dr\u0000","video_description":"på \uD83D\uDE42 #dkpol","hashtag_names":["dkpol"],"view_count":12,"video_tag":{"type":"AIGC","number":1}},
        {"id":"7345557461438385449","video_label":{"a":[1,2,{"b":"c"}]},"effect_ids":["0"],"favourites_count":1e3,"is_stem_verified":false}]},
        "error":{"code":"ok","message":"","log_id":"202406180912340A1B2C3D4E5F60718293"}}
        """);

    /// <summary>One object with a field of every kind of item.</summary>
    private static readonly byte[] Anything = Encoding.UTF8.GetBytes(
        """
        {"id":7386111311412321184,"video_id":"7385291384628315438","text":"schön \u0000","like_count":0,"create_time":1719713129000,"username":"a.b","display_name":"\uD83D\uDE42",
        "is_verified":"true","follower_count":1.0,"playlist_id":12345678910,"playlist_video_ids":[1,"2"],"playlist_last_updated":1706457371,"shop_id":1,"shop_rating":"4.5",
        "product_id":"9","product_price":["20.79GBP"],"product_rating_1_count":116,"review_rating":"FIVE","task_id":12345678910987654321,"task_status":"Completed"}
        """);

    private static readonly JsonSerializerOptions[] Writers = [new(), new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }];

    private static readonly Config Plenty = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void No_bytes_make_the_reader_throw()
    {
        var change = ArbMap.Default.GeneratorFor<(int Place, byte Value, byte Kind)>();
        var mutated = Gen.Choose(1, 12).SelectMany(count => change.ListOf(count)).Select(changes => changes.Aggregate(Page, Mutate));

        Check.One(Plenty, Prop.ForAll(mutated.ToArbitrary(), bytes =>
        {
            ReadAll(bytes);
            return true;
        }));
    }

    [Fact]
    public void No_bytes_make_an_item_of_any_kind_throw()
    {
        var change = ArbMap.Default.GeneratorFor<(int Place, byte Value, byte Kind)>();
        var mutated = Gen.Choose(0, 6).SelectMany(count => change.ListOf(count)).Select(changes => changes.Aggregate(Anything, Mutate));

        Check.One(Plenty, Prop.ForAll(mutated.ToArbitrary(), bytes =>
        {
            ReadAll(bytes);
            return true;
        }));
    }

    [Fact]
    public void Any_text_that_a_writer_can_write_is_read_back()
    {
        Check.One(Plenty, Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), written =>
        {
            var text = written.Get;
            foreach (var options in Writers)
            {
                var bytes = JsonSerializer.SerializeToUtf8Bytes(new { id = 1, text }, options);
                ItemReader.TryRead<CommentItem>(bytes, out var comment, out _).ShouldBeTrue();
                var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);
                comment.Text.ShouldBe(whole);
            }

            return true;
        }));
    }

    [Fact]
    public void Whole_numbers_are_read_whether_they_are_text_or_numbers()
    {
        Check.One(Plenty, Prop.ForAll(ArbMap.Default.ArbFor<long>(), number =>
        {
            foreach (var json in (string[])[$"{number}", $"\"{number}\"", $"\" {number}.0 \""])
            {
                ItemReader.TryRead<CommentItem>(Encoding.UTF8.GetBytes($$"""{"id":1,"like_count":{{json}}}"""), out var comment, out _).ShouldBeTrue();
                comment.LikeCount.ShouldBe(number >= 0 ? number : null);
            }

            return true;
        }));
    }

    [Fact]
    public void No_page_that_is_cut_anywhere_makes_the_reader_throw_or_passes_for_whole()
    {
        var end = Page.AsSpan().LastIndexOf((byte)'}');
        for (var length = 0; length <= end; length++)
        {
            var page = ReadAll(Page[..length]);
            page.Error.Class.ShouldBe(ApiErrorClass.Unreadable, $"cut at {length}");
        }

        ReadAll(Page).Items.Count.ShouldBe(2);
    }

    [Fact]
    public void Random_bytes_are_read_without_a_throw() =>
        Check.One(Plenty, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            ReadAll(bytes);
            return true;
        }));

    [Fact]
    public void Valid_queries_survive_writing_and_reading()
    {
        Check.One(Plenty.WithMaxTest(500), Prop.ForAll(Queries().ToArbitrary(), query =>
        {
            var bytes = VideoQueryWriter.Write(query);
            var read = QueryFileReader.Read(bytes);
            return VideoQueryValidator.Validate(query).Count == 0 && read.IsValid && read.File.Query.Equals(query)
                && VideoQueryWriter.Write(read.File.Query).AsSpan().SequenceEqual(bytes);
        }));
    }

    [Fact]
    public void No_text_makes_a_query_file_or_an_input_throw()
    {
        Check.One(Plenty, Prop.ForAll(ArbMap.Default.ArbFor<string?>(), typed =>
        {
            var text = typed ?? "";
            var reading = QueryFileReader.Read(text);
            string?[] errors =
            [
                TermParser.Parse(text, MatchKind.Both).Error, ActorParser.Parse(text).Error, ActorParser.Parse($"https://www.tiktok.com/{text}").Error, VideoParser.Parse(text).Error,
                RegionParser.Parse(text).Error, VideoFields.Parse(text).Error,
                .. DateRangeParser.Parse(text, text, DateTimeOffset.UnixEpoch).Violations.Select(violation => violation.Message),
            ];
            return reading.IsValid == (reading.Violations.Count == 0) && errors.All(error => error is null || !error.Any(char.IsControl));
        }));
    }

    [Fact]
    public void Every_term_that_passes_makes_a_valid_query()
    {
        var words = Gen.Elements("#tag", "word", "\"two words\"", "#Økonomi", "Æbler", "\"", "#", " ", "🙂", "a#b").ListOf().Select(list => string.Join(' ', list));
        Check.One(Plenty, Prop.ForAll(words.ToArbitrary(), text =>
        {
            var term = TermParser.Parse(text, MatchKind.Both);
            return !term.IsValid || term.Value.Alternatives.All(atoms =>
                VideoQueryValidator.Validate(new() { And = [.. atoms.Select(atom => Condition.Eq(atom.Field, atom.Value))] }).Count == 0);
        }));
    }

    private static PageFacts ReadAll(byte[] bytes)
    {
        var page = PageReader.Read(bytes, 200);
        foreach (var endpoint in ResearchEndpoints.All)
        {
            var facts = PageReader.Read(endpoint, bytes, 500);
            _ = facts.Error.Reaction;
            endpoint.After(100, facts, asked: 100);
        }

        ReadAs<UserInfoItem>(bytes);
        ReadAs<CommentItem>(bytes);
        ReadAs<FollowItem>(bytes);
        ReadAs<PlaylistItem>(bytes);
        ReadAs<ShopItem>(bytes);
        ReadAs<ProductItem>(bytes);
        ReadAs<ReviewItem>(bytes);
        ReadAs<ValidationTaskItem>(bytes);
        ValidIdsReader.Read(bytes, 200);
        TokenReader.Read(new() { SentAt = default, Latency = default, Target = "", RequestBody = default, Body = bytes, Status = 200 });
        foreach (var item in page.Items)
        {
            if (ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out _))
            {
                // What was read can be stored: whole Unicode, no NUL.
                foreach (var text in (string?[])[video.Username, video.VideoDescription, video.RegionCode, .. video.HashtagNames ?? []])
                {
                    (text ?? "").EnumerateRunes().All(rune => rune.Value != 0).ShouldBeTrue();
                    Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")).ShouldBe(text ?? "");
                }
            }
        }

        return page;
    }

    private static void ReadAs<T>(byte[] bytes)
        where T : class, IResearchItem<T>
    {
        ItemReader.TryRead<T>(bytes, out var item, out var error).ShouldBe(item is not null);
        (error is null).ShouldBe(item is not null);
    }

    private static byte[] Mutate(byte[] bytes, (int Place, byte Value, byte Kind) change)
    {
        if (bytes.Length == 0)
        {
            return [change.Value];
        }

        var place = (int)((uint)change.Place * 2654435761u % (uint)bytes.Length);
        return (change.Kind % 5) switch
        {
            0 => [.. bytes[..place], change.Value, .. bytes[(place + 1)..]],
            1 => [.. bytes[..place], change.Value, .. bytes[place..]],
            2 => [.. bytes[..place], .. bytes[(place + 1)..]],
            3 => [.. bytes[..place], .. Encoding.UTF8.GetBytes((change.Value % 6) switch { 0 => "\\u0000", 1 => "\\uD800", 2 => "null", 3 => "\"", 4 => "-1e999", _ => "[{" }), .. bytes[place..]],
            _ => [.. bytes[..place], .. bytes[(place / 2)..]],
        };
    }

    private static Gen<VideoQuery> Queries()
    {
        var text = ArbMap.Default.GeneratorFor<NonEmptyString>().Select(value => value.Get)
            .Where(value => VideoQueryValidator.ExplainValue(ConditionField.Keyword, value) is null);
        Gen<Condition> Of(ConditionField field, Gen<string> values) => Gen.OneOf(
            values.Select(value => Condition.Eq(field, value)),
            values.NonEmptyListOf().Select(list => Condition.In(field, list)));
        var number = Gen.Choose(0, int.MaxValue).Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var condition = Gen.OneOf(
            Of(ConditionField.Keyword, text),
            Of(ConditionField.HashtagName, text.Where(value => VideoQueryValidator.ExplainValue(ConditionField.HashtagName, value) is null)),
            Of(ConditionField.RegionCode, Gen.Elements(RegionCodes.All.ToArray())),
            Of(ConditionField.VideoId, number),
            Of(ConditionField.VideoLength, Gen.Elements("SHORT", "MID", "LONG", "EXTRA_LONG")),
            number.SelectMany(value => Gen.Elements(Enum.GetValues<ConditionOperation>()).Select(operation => new Condition(ConditionField.ViewCount, operation, [value]))));
        var list = condition.ListOf().Select(conditions => conditions.Take(4).ToArray());
        return list.SelectMany(and => list.SelectMany(or => list.SelectMany(not => condition.Select(one =>
            new VideoQuery { And = [one, .. and], Or = or, Not = not }))));
    }
}
