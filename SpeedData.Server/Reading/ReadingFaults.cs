using SpeedData.Core.Reading;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

/// <summary>Converts the expected exceptions of a reading command to an error line and an exit code.</summary>
internal static class ReadingFaults
{
    public static int Told(ApplicationEnvironment environment, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (ReadingException e)
        {
            PlainText.Write(environment.Error, [$"SpeedData.Server: {e.Message}"]);
            return e.IsOfOutput ? ExitCode.CannotCreate : e.Message.StartsWith("--", StringComparison.Ordinal) ? ExitCode.Usage : ExitCode.NoInput;
        }
        catch (UnauthorizedAccessException e)
        {
            PlainText.Write(environment.Error, [$"SpeedData.Server: {e.Message}"]);
            return ExitCode.NoInput;
        }
        catch (IOException e)
        {
            // The disk is full, or the reader of standard output has ended.
            PlainText.Write(environment.Error, [$"SpeedData.Server: cannot write: {e.Message}"]);
            return ExitCode.CannotCreate;
        }
    }
}
