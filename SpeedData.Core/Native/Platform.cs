using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>
/// The platforms for which this folder's numbers and structures are correct: Linux on x64 and arm64, which differ only in the numbers
/// of system calls. No native call is made on other platforms.
/// </summary>
public static class Platform
{
    /// <summary>Why this process cannot run here; null if it can.</summary>
    public static string? Lack => LackOf(OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture);

    /// <summary>Why this process could not run on a platform; null if it could.</summary>
    public static string? LackOf(bool isLinux, Architecture architecture) =>
        !isLinux || architecture is Architecture.X64 or Architecture.Arm64
            ? null
            : $"Linux on {architecture} is not supported: the system calls are known for X64 and Arm64 only; run the build for one of these";
}
