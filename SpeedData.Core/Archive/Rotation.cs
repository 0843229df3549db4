using SpeedData.Core.Configuration;

namespace SpeedData.Core.Archive;

/// <summary>Decides when a file ends: by its size before the next block, by its age at any time. Writer thread.</summary>
internal sealed class Rotation(ArchiveOptions options, TimeProvider time)
{
    /// <param name="part">The file.</param>
    /// <param name="nextBytes">Size of the next block's data.</param>
    public bool IsFull(PartFile part, int nextBytes) => part.Blocks > 0 && part.Length + PartFile.MaxFraming + nextBytes > options.RotateBytes;

    public bool IsTooOld(PartFile part) => time.GetElapsedTime(part.OpenedAt) >= options.RotateEvery;

    /// <summary>Returns the time until the file is too old.</summary>
    public TimeSpan Left(PartFile part) => time.Left(options.RotateEvery, part.OpenedAt);
}
