using SpeedData.Core.Reading;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

/// <summary>Turns what a reading command can meet into a line and an exit code.</summary>
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
            // The disk is full, or whoever read standard output has left.
            PlainText.Write(environment.Error, [$"SpeedData.Server: cannot write: {e.Message}"]);
            return ExitCode.CannotCreate;
        }
    }
}
