using SpeedData.Server.Hosting;

namespace SpeedData.Server.Http;

/// <summary>
/// Lets a command make sure that it asks the server of its own configuration: it sends its AvroPath, and only the server with the
/// same one says yes. So no path is revealed.
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
