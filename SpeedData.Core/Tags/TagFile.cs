using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Tags;

/// <summary>The contents of a tag's file <c>tag.json</c>: times as ISO 8601 in UTC, to the nanosecond.</summary>
internal sealed record TagFile(
    string? Name,
    string? From,
    string? To,
    IReadOnlyList<string>? Channels,
    IReadOnlyDictionary<string, string>? Labels,
    string? Note,
    IReadOnlyList<MarkInFile>? Marks,
    OriginInFile? Auto)
{
    private static readonly MomentText Moments = new(DateTimeOffset.UnixEpoch, null);

    public static byte[] Write(Tag tag) => JsonSerializer.SerializeToUtf8Bytes(
        new TagFile(
            tag.Name,
            TimeText.Of(tag.FromNs),
            TimeText.Of(tag.ToNs),
            tag.Channels,
            tag.Labels,
            tag.Note,
            [.. tag.Marks.Select(mark => new MarkInFile(TimeText.Of(mark.AtNs), mark.Text))],
            tag.Origin is { } origin ? new OriginInFile(origin.Rule, TimeText.Of(origin.AtNs)) : null),
        TagJson.Default.TagFile);

    /// <param name="folder">The name of the tag's folder, which is the tag's name.</param>
    /// <param name="bytes">The contents of the file.</param>
    /// <returns>Null if the file is not usable; then <paramref name="why"/> gives the reason.</returns>
    public static Tag? Read(string folder, ReadOnlySpan<byte> bytes, out string? why)
    {
        try
        {
            TagFile? file = JsonSerializer.Deserialize(bytes, TagJson.Default.TagFile);
            if (file?.From is null)
                throw new JsonException("it has no 'from'");
            if (file.Channels?.Contains(null!) == true || file.Marks?.Contains(null!) == true || file.Labels?.Values.Contains(null!) == true)
                throw new JsonException("a list contains null");
            var tag = new Tag(folder, Ns(file.From), file.To is null ? null : Ns(file.To))
            {
                Channels = file.Channels ?? [],
                Labels = file.Labels ?? new Dictionary<string, string>(),
                Note = file.Note,
                Marks = [.. (file.Marks ?? []).Select(mark => new TagMark(Ns(mark.At ?? ""), mark.Text ?? ""))],
                Origin = file.Auto is { Rule: { } rule, At: { } at } ? new TagOrigin(rule, Ns(at)) : null,
            };
            TagRules.Demand(tag);
            why = null;
            return tag;
        }
        catch (Exception e) when (e is JsonException or ReadingException or TagException)
        {
            why = e.Message;
            return null;
        }
    }

    private static long Ns(string text) => Moments.Parse("time", text);
}

internal sealed record MarkInFile(string? At, string? Text);

internal sealed record OriginInFile(string? Rule, string? At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(TagFile))]
internal sealed partial class TagJson : JsonSerializerContext;
