using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace ProxylessMesh.Client.Hosting;

/// <summary>Says all that is wrong with the settings at once, each with the key to change.</summary>
internal sealed class MeshOptionsValidator : IValidateOptions<MeshOptions>
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, MeshOptions options)
    {
        // A kill switch that fails because of what it switches off would be none.
        if (options.Mode == MeshMode.Off)
        {
            return ValidateOptionsResult.Success;
        }

        var errors = new List<string>();
        if (options.ControlPlane is { } address)
        {
            CheckAddress(address, options, errors);
        }

        if (options.ControlPlane is not null && options.Authorities.Count > 0)
        {
            errors.Add("Mesh:Authorities needs the authorities of a gRPC bootstrap file; with Mesh:ControlPlane none is read.");
        }

        foreach (var host in options.Authorities.Keys.Where(h => Uri.CheckHostName(h.StartsWith("*.", StringComparison.Ordinal) ? h[2..] : h) == UriHostNameType.Unknown))
        {
            errors.Add($"Mesh:Authorities holds \"{host}\"; write a host without a port, or *.suffix.");
        }

        if (options.SpiffeEndpointSocket is { } socket && (!socket.IsAbsoluteUri || socket.Scheme != "unix"))
        {
            errors.Add($"Mesh:SpiffeEndpointSocket is \"{socket}\"; write unix:///path.");
        }

        if (options.SpiffeEndpointSocket is not null && options.CertificateDirectory is not null)
        {
            errors.Add("Mesh:SpiffeEndpointSocket and Mesh:CertificateDirectory are both set; a workload has one identity.");
        }

        if (options.Admin.Address is { } admin && !HasPort(admin))
        {
            errors.Add($"Mesh:Admin:Address is \"{admin}\"; write address:port, as in 127.0.0.1:15090.");
        }

        CheckName("Mesh:Workload:Namespace", options.Workload.Namespace, errors);
        CheckName("Mesh:Workload:ServiceAccount", options.Workload.ServiceAccount, errors);
        if (!IPAddress.TryParse(options.Workload.Address, out _))
        {
            errors.Add($"Mesh:Workload:Address is \"{options.Workload.Address}\", which is no IP address.");
        }

        if (options.ConfigurationTimeout < ShortestWait || options.ConfigurationTimeout > LongestWait)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Mesh:ConfigurationTimeout is {options.ConfigurationTimeout}; it must be between 100 ms and 5 minutes."));
        }

        if (options.DrainDelay < TimeSpan.Zero || options.DrainDelay > LongestWait)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Mesh:DrainDelay is {options.DrainDelay}; it must be between 0 and 5 minutes."));
        }

        CheckLoad(options, errors);
        foreach (var header in options.PropagateHeaders.Where(h => !IsHeaderName(h)))
        {
            errors.Add($"Mesh:PropagateHeaders holds \"{header}\", which is no header name.");
        }

        foreach (var dependency in options.Dependencies.Where(d => !Uri.TryCreate($"http://{d}", UriKind.Absolute, out var uri) || uri.AbsolutePath != "/"))
        {
            errors.Add($"Mesh:Dependencies holds \"{dependency}\"; write host:port, as in reviews:9080.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckLoad(MeshOptions options, List<string> errors)
    {
        var interval = options.LoadReports.MinimumInterval;
        if (interval < ShortestWait || interval > TimeSpan.FromHours(1))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Mesh:LoadReports:MinimumInterval is {interval}; it must be between 100 ms and 1 hour."));
        }

        if (options.MaxConcurrentRequests < 1)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Mesh:MaxConcurrentRequests is {options.MaxConcurrentRequests}; it must be 1 or more. Leave it out for no limit."));
        }

        if (options.RequestQueueLimit < 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Mesh:RequestQueueLimit is {options.RequestQueueLimit}; it must be 0 or more."));
        }
        else if (options.RequestQueueLimit > 0 && options.MaxConcurrentRequests is null)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Mesh:RequestQueueLimit is {options.RequestQueueLimit} without Mesh:MaxConcurrentRequests; only requests over that limit wait."));
        }
    }

    private static void CheckAddress(Uri address, MeshOptions options, List<string> errors)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http" or "unix"))
        {
            errors.Add($"Mesh:ControlPlane is \"{address}\"; write https://host:15012, http://host:15010 or unix:///path.");
        }
        else if (address.Scheme == "https" && options.RootCertificateFile is null)
        {
            errors.Add("Mesh:RootCertificateFile is missing: an https control plane is trusted by the mesh's root certificate (root-cert.pem of the control plane's data directory).");
        }
    }

    /// <summary>The framework takes an address alone for one with port 0.</summary>
    private static bool HasPort(string endpoint) =>
        IPEndPoint.TryParse(endpoint, out _) && (endpoint.StartsWith('[') ? endpoint.Contains("]:", StringComparison.Ordinal) : endpoint.Count(c => c == ':') == 1);

    /// <summary>RFC 1123 label, as Kubernetes has it for namespaces; service accounts may hold dots.</summary>
    private static void CheckName(string key, string value, List<string> errors)
    {
        if (value.Length is 0 or > 253 || !value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
        {
            errors.Add($"{key} is \"{value}\"; only lower-case letters, digits, '-' and '.' are allowed.");
        }
    }

    /// <summary>A token of RFC 9110, section 5.6.2.</summary>
    private static bool IsHeaderName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
