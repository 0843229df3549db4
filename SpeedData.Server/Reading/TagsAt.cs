using SpeedData.Core.Archive;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Tags;

namespace SpeedData.Server.Reading;

/// <summary>Finds the tags of the recordings that a command reads.</summary>
internal static class TagsAt
{
    /// <summary>Returns all tags of the channels' archive root, in order of their start.</summary>
    public static IReadOnlyList<Tag> All(IReadOnlyList<RecordedChannel> channels) =>
        channels.Count > 0 && TagFolders.RootOf(channels[0].Folder) is { } root ? TagDesk.TagsOf(root) : [];

    /// <returns>The tag with this name; null if there is none.</returns>
    public static Tag? Find(IReadOnlyList<RecordedChannel> channels, string name) => All(channels).FirstOrDefault(tag => tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
