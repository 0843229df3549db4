using SpeedData.Server.Hosting;

namespace SpeedData.Server.Http;

/// <summary>
/// Lets a command check that it reaches the server of its own configuration. It sends its AvroPath, and only a server with the
/// same one confirms it. So no server reveals its path.
/// </summary>
internal static class SameServer
{
    public const string Header = "SpeedData-AvroPath", Same = "same";

    public static string Encode(string avroPath) => Uri.EscapeDataString(avroPath);

    public static void UseSameServer(this WebApplication app)
    {
        string own = Encode(app.Services.GetRequiredService<ServerPlan>().Options.AvroPath);
        app.Use((context, next) =>
        {
            if (context.Request.Headers[Header].FirstOrDefault() is not { } asked)
                return next(context);
            if (asked != own)
                return Answer.WriteErrorAsync(context, StatusCodes.Status421MisdirectedRequest, "this server has another Storage:AvroPath");
            context.Response.Headers[Header] = Same;
            return next(context);
        });
    }
}
