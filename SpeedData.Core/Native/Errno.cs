using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>errno values that are handled differently, as Linux numbers them (asm-generic/errno.h); the same on x64 and arm64.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int OtherDevice = 18;
    public const int InvalidArgument = 22;
    public const int FileTooLarge = 27;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int TooManyLinks = 31;
    public const int NoLocks = 37;
    public const int NotImplemented = 38;
    public const int NotOnNetwork = 64;
    public const int MessageTooLarge = 90;
    public const int NoProtocolOption = 92;
    public const int NotSupported = 95;
    public const int NetUnreachable = 101;
    public const int NoBufferSpace = 105;
    public const int ConnectionRefused = 111;
    public const int HostDown = 112;
    public const int HostUnreachable = 113;
    public const int QuotaExceeded = 122;
    public const int NoMedium = 123;

    /// <summary>Whether a write failed for lack of room.</summary>
    public static bool IsLackOfRoom(int errno) => errno is NoSpace or QuotaExceeded;

    /// <summary>
    /// Whether a hard link cannot be made there: the file system has none, it is another file system, or the file has too many.
    /// </summary>
    public static bool IsLackOfLinks(int errno) => errno is NotPermitted or NotSupported or NotImplemented or OtherDevice or TooManyLinks;

    /// <summary>Returns the symbol of an error that file operations usually report, and libc's text.</summary>
    public static string Text(int errno)
    {
        string? symbol = errno switch
        {
            NotPermitted => "EPERM",
            NoEntry => "ENOENT",
            InputOutput => "EIO",
            AccessDenied => "EACCES",
            Exists => "EEXIST",
            InvalidArgument => "EINVAL",
            NoSpace => "ENOSPC",
            16 => "EBUSY",
            FileTooLarge => "EFBIG",
            20 => "ENOTDIR",
            24 => "EMFILE",
            ReadOnlyFileSystem => "EROFS",
            QuotaExceeded => "EDQUOT",
            NetUnreachable => "ENETUNREACH",
            HostUnreachable => "EHOSTUNREACH",
            _ => null,
        };
        string text = Marshal.GetPInvokeErrorMessage(errno);
        return symbol is null ? $"errno {errno} ({text})" : $"{symbol} ({text})";
    }
}
