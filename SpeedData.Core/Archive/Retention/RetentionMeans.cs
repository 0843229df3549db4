namespace SpeedData.Core.Archive.Retention;

/// <summary>The tools of retention.</summary>
/// <param name="Files">File operations.</param>
/// <param name="Ages">Judges the age of files.</param>
/// <param name="Time">Decides when to look again.</param>
/// <param name="Guard">Decides before a file is deleted; null if there is none.</param>
/// <param name="Watch">Is notified of each file that is deleted or stays; null if nobody is.</param>
internal sealed record RetentionMeans(IArchiveFiles Files, FileAges Ages, TimeProvider Time, IFileGuard? Guard, IRetentionWatch? Watch);

/// <summary>Receives a notification for each file that retention deletes or keeps. Retention thread.</summary>
internal interface IRetentionWatch
{
    /// <summary>Called when a file is deleted.</summary>
    void Goes(ArchiveFolder folder, FinishedFile file, Diagnostics.DeletionReason reason);

    /// <summary>Called when a file should be deleted, but stays.</summary>
    void Stays(ArchiveFolder folder, FinishedFile file, string why);
}
