using SpeedData.Core.Native;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>What is being written cannot be.</summary>
/// <param name="doing">The operation.</param>
/// <param name="path">On what.</param>
/// <param name="error">errno.</param>
internal sealed class OutputTrouble(string doing, string path, int error) : Exception($"cannot {doing} {path}: {Errno.Text(error)}")
{
    public static void ThrowIf(int error, string doing, string path)
    {
        if (error != 0)
            throw new OutputTrouble(doing, path, error);
    }
}
