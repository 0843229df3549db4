namespace SpeedData.Core.Archive.Retention;

/// <summary>Decides whether retention may delete a file of a channel. Any thread.</summary>
public interface IFileGuard
{
    /// <summary>Returns why a file must stay; null if it may be deleted. The guard has then already kept what it needs of it.</summary>
    /// <param name="name">The archive.</param>
    /// <param name="isRoomNeeded">Whether it is to be deleted because the disk lacks room.</param>
    string? WhyItStays(ArchiveName name, bool isRoomNeeded);

    /// <summary>
    /// Whether deleting a file would free no room, because it has another name or must stay. Answers at once, and allocates nothing.
    /// </summary>
    bool FreesNothing(ArchiveName name);

    /// <summary>The total size of the files whose deletion frees no room, in bytes. Answers at once.</summary>
    long BytesNotFreed(string channel);

    /// <summary>Takes note of a finished file. Must not wait.</summary>
    void Finished(ArchiveName name);

    /// <summary>Takes note of a deleted file.</summary>
    void Deleted(ArchiveName name);
}
