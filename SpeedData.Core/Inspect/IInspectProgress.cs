namespace SpeedData.Core.Inspect;

/// <summary>Receives the progress of an inspection, on the inspection's thread.</summary>
public interface IInspectProgress
{
    /// <summary>Reports the current file and position.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="at">The position that was reached.</param>
    /// <param name="length">The file's length.</param>
    void At(string path, long at, long length);
}
