namespace SpeedData.Core.Archive.Retention;

/// <summary>What retention works with.</summary>
/// <param name="Files">File operations.</param>
/// <param name="Ages">Judges ages.</param>
/// <param name="Time">Decides when to look again.</param>
/// <param name="Guard">Is asked before a file is deleted; null for nobody.</param>
/// <param name="Watch">Is notified of what happens to each file; null for nobody.</param>
internal sealed record RetentionMeans(IArchiveFiles Files, FileAges Ages, TimeProvider Time, IFileGuard? Guard, IRetentionWatch? Watch);

/// <summary>Is notified of what happens to each file. Retention thread.</summary>
internal interface IRetentionWatch
{
    /// <summary>It is deleted.</summary>
    void Goes(ArchiveFolder folder, FinishedFile file, Diagnostics.DeletionReason reason);

    /// <summary>It should be deleted, and stays.</summary>
    void Stays(ArchiveFolder folder, FinishedFile file, string why);
}
