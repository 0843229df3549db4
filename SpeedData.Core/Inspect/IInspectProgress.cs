namespace SpeedData.Core.Inspect;

/// <summary>Gets the progress of an inspection, on the inspection's thread.</summary>
public interface IInspectProgress
{
    /// <summary>The current file, and the position in it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="at">Bytes seen to.</param>
    /// <param name="length">Bytes of the file.</param>
    void At(string path, long at, long length);
}
