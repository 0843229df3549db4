using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpeedData.Core.Configuration;
using SpeedData.Server.Http;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

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

    [Test]
    public async Task The_warm_up_needs_no_token_and_counts_as_no_refused_request()
    {
        using var folder = new TempFolder();
        string token = folder.Write("token", "secret");
        await using TestServer server = await TestServer.StartAsync(new ApiOptions { Reads = ApiReads.Token, TokenFile = token });
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");

        Assert.Multiple(async () =>
        {
            Assert.That(await server.TextAsync("/metrics"), Does.Not.Contain("speeddata_api_refused_requests_total{"));
            Assert.That(server.Log.Lines, Has.None.Contains("SpeedData:Api"));
        });
    }
}
