using SpeedData.Core.Archive;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Tags;

namespace SpeedData.Server.Reading;

/// <summary>The tags of what is read.</summary>
internal static class TagsAt
{
    /// <summary>The tags of the root that the channels lie in, by their start.</summary>
    public static IReadOnlyList<Tag> All(IReadOnlyList<RecordedChannel> channels) =>
        channels.Count > 0 && TagFolders.RootOf(channels[0].Folder) is { } root ? TagDesk.TagsOf(root) : [];

    /// <returns>Null where there is none of that name.</returns>
    public static Tag? Find(IReadOnlyList<RecordedChannel> channels, string name) => All(channels).FirstOrDefault(tag => tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
