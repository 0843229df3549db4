using SpeedData.Core.Archive;
using SpeedData.Core.Native;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>The output cannot be written, or failed its verification.</summary>
internal sealed class OutputTrouble(string why) : Exception(why)
{
    /// <param name="error">errno; 0 for none.</param>
    /// <param name="doing">The operation.</param>
    /// <param name="path">On what.</param>
    public static void ThrowIf(int error, string doing, string path)
    {
        if (error != 0)
            throw new OutputTrouble(error == Errno.FileTooLarge ? ArchiveFaultText.OfSizeLimit(path, FileSizeLimit.Current) : $"cannot {doing} {path}: {Errno.Text(error)}");
    }
}
