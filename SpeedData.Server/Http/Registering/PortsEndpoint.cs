using System.Globalization;

namespace SpeedData.Server.Http.Registering;

/// <summary>Answers which ports are free.</summary>
internal sealed class PortsEndpoint(PortTable ports)
{
    public Task AvailableAsync(HttpContext context)
    {
        if (!TryRead(context, "start", PortTable.First, out int start) || !TryRead(context, "end", PortTable.Last, out int end))
            return RefuseAsync(context, "Invalid range: start and end must be integers");
        if (start >= end)
            return RefuseAsync(context, "Invalid range: start must be < end");
        if (start < 1 || end > ushort.MaxValue)
            return RefuseAsync(context, $"Invalid range: ports are from 1 to {ushort.MaxValue}");
        IReadOnlyList<int> free = ports.Free(start, end);
        return Answer.WriteAsync(context, StatusCodes.Status200OK, new FreePortsView(new PortRangeView(start, end), free, free.Count), RegistrationJson.Readable.FreePortsView);
    }

    public Task StatusAsync(HttpContext context) =>
        int.TryParse(context.GetRouteValue("port")?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= ushort.MaxValue
            ? Answer.WriteAsync(context, StatusCodes.Status200OK, ports.StatusOf(port), RegistrationJson.Readable.PortStatusView)
            : Answer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Port not found: ports are from 1 to {ushort.MaxValue}");

    private static bool TryRead(HttpContext context, string name, int standard, out int value)
    {
        value = standard;
        return context.Request.Query[name].FirstOrDefault() is not { } text || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static Task RefuseAsync(HttpContext context, string why) => Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, why);
}
