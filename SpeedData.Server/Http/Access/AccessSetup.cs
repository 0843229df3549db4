using SpeedData.Core.Configuration;
using SpeedData.Server.Recordings;

namespace SpeedData.Server.Http.Access;

/// <summary>Applies the access rules to every request.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(provider => new TokenCheck(options.TokenFile, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AccessPolicy(options, provider.GetRequiredService<TokenCheck>()));
        services.AddSingleton<RefusedRequests>();
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.AllowedOrigins])
            .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
            .AllowAnyHeader()
            .WithExposedHeaders("ETag", "Location", "Content-Disposition", "Retry-After", RecordsEndpoint.RangeHeader)
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }

    /// <summary>Adds the check after routing, before any address answers.</summary>
    public static void UseAccess(this WebApplication app)
    {
        AccessPolicy policy = app.Services.GetRequiredService<AccessPolicy>();
        RefusedRequests refused = app.Services.GetRequiredService<RefusedRequests>();
        app.UseCors();
        app.Use((context, next) => policy.RefusalOf(context) is { } refusal ? refused.AnswerAsync(context, refusal) : next(context));
    }
}
