using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpeedData.Server.Http;

namespace SpeedData.Tests.Server.Http;

public sealed class WarmUpTests
{
    [Test]
    public void The_warm_up_sends_only_reading_requests_without_a_name()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        using WebApplication app = builder.Build();
        app.MapGet("/read", Nothing);
        app.MapGet("/read/{name}", Nothing);
        app.MapGet("/costly", Nothing).WithMetadata(new WarmUp.Costly());
        app.MapPost("/reload", Nothing);
        app.MapPut("/tag", Nothing);
        app.MapDelete("/tag", Nothing);
        var warmUp = new WarmUp();
        warmUp.Use(app);

        Assert.That(warmUp.Paths(), Is.EqualTo(new[] { "/read" }));

        static Task Nothing(HttpContext context) => Task.CompletedTask;
    }
}
