using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>Reads the keys that decide who may do what over HTTP.</summary>
internal sealed class ApiReader(KeyReader keys, string baseDirectory, Findings findings)
{
    private static readonly ApiOptions Standard = new();

    public ApiOptions Read()
    {
        var options = new ApiOptions
        {
            Writes = keys.Value("Writes", t => PlainValues.OneOf(t, ApiWrites.Loopback, ApiWrites.Token, ApiWrites.Off), Standard.Writes),
            WriteFrom = [.. keys.List("WriteFrom", HttpText.Network)],
            Reads = keys.Value("Reads", t => PlainValues.OneOf(t, ApiReads.Anyone, ApiReads.Token), Standard.Reads),
            TokenFile = keys.Optional("TokenFile", PathText.Parser(baseDirectory)),
            AllowedHosts = [.. keys.List("AllowedHosts", HttpText.HostName)],
            AllowedOrigins = [.. keys.List("AllowedOrigins", HttpText.Origin)],
        };
        if (options.TokenFile is null)
        {
            DemandTokenFile("Writes", options.Writes == ApiWrites.Token);
            DemandTokenFile("Reads", options.Reads == ApiReads.Token);
        }

        return options;
    }

    private void DemandTokenFile(string key, bool isNeeded)
    {
        if (isNeeded)
            findings.Fault(keys.Scope, $"{keys.Path}:{key}", "Token", $"there is no token; name its file in {keys.Path}:TokenFile");
    }
}
