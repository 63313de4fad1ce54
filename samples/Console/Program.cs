// A console app in the mesh. Start Bookinfo first (dotnet run --project samples/Bookinfo): it prints the line that runs this one.
// What the line sets, and what in Kubernetes would come from the pod:
//   Mesh__ControlPlane=https://127.0.0.1:<port>          the control plane
//   Mesh__RootCertificateFile=<run>/data/root-cert.pem   why it is trusted
//   Mesh__TokenFile=<run>/tokens/bookinfo-console        proof of the next line, until there is a certificate
//   Mesh__Workload__ServiceAccount=bookinfo-console      who this app is: reviews shows it as its caller
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.AddMesh();
builder.Services.AddHttpClient("reviews", c => c.BaseAddress = new Uri("http://reviews:9080"));

using var host = builder.Build();
await host.StartAsync();
var reviews = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("reviews");
Console.WriteLine(await reviews.GetStringAsync("/reviews/0"));
await host.StopAsync();
