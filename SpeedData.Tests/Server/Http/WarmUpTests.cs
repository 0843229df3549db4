using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpeedData.Server.Http;

namespace SpeedData.Tests.Server.Http;

public sealed class WarmUpTests
{
    [Test]
    public async Task The_warm_up_sends_only_reading_requests()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        await using WebApplication app = builder.Build();
        var asked = new List<string>();
        Task Note(HttpContext context, string what)
        {
            asked.Add(what);
            return Task.CompletedTask;
        }

        app.MapGet("/read", context => Note(context, "read"));
        app.MapPost("/reload", context => Note(context, "reload"));
        app.MapPut("/tag", context => Note(context, "tag"));
        app.MapDelete("/tag", context => Note(context, "tag"));
        await WarmUp.AskEachAsync(app);

        Assert.That(asked, Is.EqualTo(new[] { "read" }));
    }
}
