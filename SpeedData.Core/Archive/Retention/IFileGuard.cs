namespace SpeedData.Core.Archive.Retention;

/// <summary>Is asked before retention deletes a file of a channel. Any thread.</summary>
public interface IFileGuard
{
    /// <summary>Why a file must stay where it is; null if it may go, and the guard has kept by then what it wants of it.</summary>
    /// <param name="name">The archive.</param>
    /// <param name="isRoomNeeded">Whether it must go because the disk lacks room.</param>
    string? WhyItStays(ArchiveName name, bool isRoomNeeded);

    /// <summary>
    /// Whether deleting a file would free no room, because it has another name or must stay. Answers at once, and allocates
    /// nothing.
    /// </summary>
    bool FreesNothing(ArchiveName name);

    /// <summary>The total size of the files whose deletion frees no room, in bytes. Answers at once.</summary>
    long BytesNotFreed(string channel);

    /// <summary>A file was finished. Must not wait.</summary>
    void Finished(ArchiveName name);

    /// <summary>A file was deleted.</summary>
    void Deleted(ArchiveName name);
}
