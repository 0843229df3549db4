namespace SpeedData.Core.Inspect;

/// <summary>Is told how far an inspection has come; on the thread of the inspection.</summary>
public interface IInspectProgress
{
    /// <summary>The file at hand, and how far in it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="at">Bytes seen to.</param>
    /// <param name="length">Bytes of the file.</param>
    void At(string path, long at, long length);
}
