namespace SpeedData.Server.CommandLine;

/// <summary>The exit codes, after BSD's sysexits.h.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>healthcheck: the server does not answer, or is not ready.</summary>
    public const int Unhealthy = 1;

    /// <summary>verify: a file has a fault.</summary>
    public const int Findings = 1;

    /// <summary>repair: some recorded data could not be saved.</summary>
    public const int Lost = 3;

    /// <summary>EX_USAGE: the command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>EX_NOINPUT: verify, repair: a path does not exist.</summary>
    public const int NoInput = 66;

    /// <summary>EX_UNAVAILABLE: unsupported platform, or with <c>--require-http</c> an address in <c>Urls</c> is not available.</summary>
    public const int Unavailable = 69;

    /// <summary>EX_SOFTWARE: an unexpected error.</summary>
    public const int Unexpected = 70;

    /// <summary>EX_CANTCREAT: repair: a result exists already or cannot be written.</summary>
    public const int CannotCreate = 73;

    /// <summary>EX_TEMPFAIL: the drain ran out of time; datagrams still in memory are counted as <c>fault</c>.</summary>
    public const int DrainTimedOut = 75;

    /// <summary>EX_NOPERM: tag: the state of the tags does not allow the change, or it would delete the last copy of a recording.</summary>
    public const int Refused = 77;

    /// <summary>EX_CONFIG: the configuration is invalid; nothing was started.</summary>
    public const int Configuration = 78;

    /// <summary>verify, repair: stopped by Ctrl-C, SIGTERM or the end of the terminal. Shells use the same code for Ctrl-C.</summary>
    public const int Interrupted = 130;
}
