using SpeedData.Core.Configuration.Registered;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>A refusal with its HTTP status.</summary>
internal sealed record Problem(int Status, ProblemView View)
{
    public static Problem BadRequest(ProblemView view) => new(StatusCodes.Status400BadRequest, view);

    public static Problem Conflict(ProblemView view) => new(StatusCodes.Status409Conflict, view);
}

/// <summary>A requested channel as it would be registered, with everything that is wrong with it.</summary>
internal sealed record Draft(ChannelRequest Request, int Port, RegisteredFile File, RegisteredResult Result)
{
    public RegisteredChannel Channel => Result.Channels[0];

    public IReadOnlyList<KeyFindingView> Findings => [.. Result.Faults.Select(fault => RegistrationJson.ViewOf(fault, File.Path))];

    public IReadOnlyList<KeyFindingView> Warnings => [.. Result.Warnings.Select(warning => RegistrationJson.ViewOf(warning, File.Path))];

    public static Draft Of(ChannelRequest request, int port, Registrar registrar)
    {
        RegisteredFile file = RegistrationFile.Of(request, port, registrar.Folder, path => Absolute(path, registrar), registrar.Now.Registered.GetValueOrDefault(request.Name)?.InlineSchema);
        return new Draft(request, port, file, registrar.Check(file));
    }

    /// <summary>Makes a path absolute. An invalid path is returned unchanged: the check of the file reports it.</summary>
    public static string Absolute(string path, Registrar registrar) => path.Length == 0 || path.Contains('\0') ? path : Path.GetFullPath(path.Trim(), registrar.Now.Sources.BaseDirectory);
}
