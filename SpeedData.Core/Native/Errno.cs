namespace SpeedData.Core.Native;

/// <summary>errno values of Linux that the datagram path meets (errno(3)); the same on x64 and arm64.</summary>
internal static class Errno
{
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int Again = 11;
    public const int InvalidArgument = 22;
    public const int MessageTooLarge = 90;
    public const int ConnectionRefused = 111;
}
